import type { DemoStaff } from '#api/contract/demo-staff.ts';
import { attestPasskey, createSoftwarePasskey, evaluatePrf, signWithPasskey } from '#api/contract/software-passkey.ts';
import { PRF_SALT, type Authenticator } from './authenticator.ts';

/** One made-up person's passkey, in the demonstration: whoever clicks their name is them. */
export const createSimulatedAuthenticator = (
  { passkey }: Pick<DemoStaff, 'passkey'>,
  origin: string,
): Authenticator => ({
  isSimulated: true,
  prove: async (ceremony) => ({
    assertion: await signWithPasskey(passkey, ceremony, { origin }),
    secret: await evaluatePrf(passkey, PRF_SALT),
  }),
  create: async (creation) => attestPasskey(await createSoftwarePasskey(creation.user.id), creation, { origin }),
});
