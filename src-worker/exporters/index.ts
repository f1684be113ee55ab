// Every exporter, in menu order. Adding one is its file and its line here.

import { csv } from './csv.ts';
import { hdf5 } from './hdf5.ts';
import { mat } from './mat.ts';
import { nwb } from './nwb.ts';

export const exporters = [hdf5, nwb, mat, csv] as const;
