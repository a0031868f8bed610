import * as z from 'zod';

/** Who signed a request, from the certificate. */
export const Doctor = z.object({ name: z.string(), organization: z.string(), role: z.string() }).readonly();
export type Doctor = z.infer<typeof Doctor>;
