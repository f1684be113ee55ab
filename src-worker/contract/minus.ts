// A number's text as a person reads it: with a true minus, and none before zero.

/** '-0.12' as '−0.12', and '-0.00' or '-0 %' without a sign. */
export const minus = (text: string): string => text.replace(/^-(?=0(\.0*)?($|[^\d.e]))/, '').replaceAll('-', '−');
