import * as z from 'zod';

// zod compiles its parsers with `new Function`, which the Trusted Types policy reports.
z.config({ jitless: true });
