import type { CardNote } from '#lib/simulated/demo-cards.ts';

const notes: Record<CardNote, string> = {
  insurance_expired: 'insurance expired',
  certificate_revoked: 'certificate revoked',
  card_not_enrolled: 'not enrolled',
  doctor: 'doctor',
  pharmacist: 'pharmacist',
  nurse: 'nurse',
};

export const simulation = {
  title: 'Simulated reader and cards',
  mark: 'simulated',
  hint: 'Tap a card to lay it on the simulated reader. PINs: 1234, HPKI 123456.',
  readerName: 'Simulated card reader',
  profiles: { mynumber: 'My Number Card', hpki: 'HPKI card', foreign: 'another card' },
  notes,
  laid: 'on the reader',
  takeOff: 'Take off',
  show: 'Cards',
  hide: 'Put away',
  cardsMissing: 'The simulated cards could not be loaded.',
  pull: 'Pull the next card away',
  replay: 'Replay the last proof',
  replayNothing: 'No proof has been sent yet.',
  replayed: 'The same proof was sent again.',
};
