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
  hint: 'Tap a card to lay it on the simulated reader or to take it off.',
  readerName: 'Simulated card reader',
  profiles: { mynumber: 'My Number Card', hpki: 'HPKI card', foreign: 'another card' },
  notes,
  laid: 'on the reader',
  takeOff: 'Take off',
  show: 'Show the cards',
  hide: 'Put away',
  cardsMissing: 'The simulated cards could not be loaded.',
  trouble: 'What can go wrong',
  pull: 'The card slips away during the next reading',
  replay: 'Send the previous proof again',
  replayNothing: 'No proof has been sent yet.',
  replayed: 'The same proof was sent again.',
  unplug: 'Unplug the reader',
  plug: 'Plug the reader in',
  pins: 'The PIN of every card is 1234 (HPKI: 123456).',
};
