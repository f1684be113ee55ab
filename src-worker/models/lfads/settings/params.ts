// What a user may set of LFADS. Without a default a value is chosen for the data (defaults.ts), and shown with its reason.

import { defineParams } from '../../../contract/params.ts';
import { commonParams } from './common.ts';
import { occasionalParams } from './occasional.ts';
import { rareParams } from './rare.ts';

export const lfadsParams = defineParams({ ...commonParams, ...occasionalParams, ...rareParams });
