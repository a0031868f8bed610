import type { Catalogue } from '../catalogue.ts';

export const operations: Catalogue['operations'] = {
  health: 'Health of this server',
  healthStates: { ok: 'well', degraded: 'impaired', failing: 'failing' },
  healthHints: {
    ok: 'It does everything it is for.',
    degraded: 'Work goes on. Look at what is marked below.',
    failing: 'It does not do what it is for. Mend what is marked below.',
  },
  checkStates: { ok: 'in order', degraded: 'amiss', failing: 'failing' },
  checks: {
    store: 'Storage (a durable write)',
    disk: 'Room on the disk',
    clock: 'Clock',
    directory: 'Directories in date',
    evidence: 'Getting into the log',
    timestamps: 'Time-stamps',
    peers: 'Other exchanges',
    exchange: 'Exchange',
  },
  values: {
    store: (ms) => `${ms} ms`,
    disk: (gib) => `${gib} GiB free`,
    clock: (ms) => (ms < 1000 ? 'did not jump' : `off by ${Math.round(ms / 1000)} s`),
    directory: (count) => (count === 0 ? 'in date' : `${count} expired`),
    evidence: (ms) => (ms < 1000 ? 'no delay' : `${Math.round(ms / 1000)} s behind`),
    timestamps: (count) => (count === 0 ? 'not interrupted' : 'interrupted for too long'),
    peers: (count) => (count === 0 ? 'all answer' : `${count} silent`),
    exchange: (count) => (count === 0 ? 'answers' : 'silent'),
  },

  lines: 'Lines and queues',
  linesHint: 'Envelopes that wait, and when each was last heard.',
  test: 'Test the line',
  testOf: (name) => `Test the line to ${name}`,
  works: (ms) =>
    `The line works${ms === null ? '' : ` (${ms} ms there and back)`}. Keys of both sides, directory and clocks are in order.`,
  clockOffset: (seconds) => `their clock is off by ${seconds} s`,
  detail: 'In detail',
  findings: {
    unreachable: {
      wrong: 'The peer cannot be reached.',
      remedy: 'Check the address and port, whether its server runs, and the firewalls in between.',
    },
    name_unknown: {
      wrong: 'The name of the peer leads nowhere.',
      remedy: 'Check the spelling of the address, and the DNS of this server.',
    },
    tls_untrusted: {
      wrong: 'The TLS certificate of the peer is not trusted.',
      remedy: 'Ask the peer to check its expiry, name and issuer. Mixing up http and https looks the same.',
    },
    not_an_exchange: {
      wrong: 'Something answered that is not an exchange.',
      remedy: 'Check the address. A proxy in between may answer with a page of its own.',
    },
    another_exchange: {
      wrong: 'Another exchange answered.',
      remedy: 'Check the address, then remove and add the peer again (peer remove, peer add).',
    },
    wrong_key: {
      wrong: 'It is signed with another key than the one that was pinned.',
      remedy:
        'Compare fingerprints by telephone. If they changed keys, add the peer again (peer add); if they did not, do not connect.',
    },
    expired: {
      wrong: 'The directory of the peer has expired.',
      remedy: 'Ask the peer to check its clock, and whether its directory is renewed.',
    },
    downgraded: {
      wrong: 'An older directory came back than the one that was received before.',
      remedy: 'Ask whether the peer restored an old backup, or whether somebody replays old directories.',
    },
    untrusted: {
      wrong: 'The directory of the peer does not fit the rules.',
      remedy: 'Ask the peer whether it names institutions outside its own networks.',
    },
    clock_skew: {
      wrong: 'The clocks differ by more than five minutes.',
      remedy: 'Check the time synchronisation (NTP) of both servers.',
    },
    not_pinned_there: {
      wrong: 'The peer has not added this exchange yet.',
      remedy: 'Ask its operator to add this exchange (peer add).',
    },
    pinned_with_another_key: {
      wrong: 'The peer has added this exchange with another key.',
      remedy: 'Compare fingerprints by telephone, and ask its operator to add this exchange again (peer add).',
    },
    refused: { wrong: 'The peer refused.', remedy: 'Tell its operator the reason below.' },
  },

  grace: (time) => `The log goes on without a time-stamp for ${time}.`,
  graceLeft: (time) => `${time} of that are left.`,
  whenOverdue: {
    continue: 'After that, visits are still accepted.',
    stop: 'After that, new visits are not accepted.',
  },
  isOverdue: {
    continue:
      'Until an authority answers, nobody else vouches for the time of what is accepted. Visits are still accepted.',
    stop: 'New visits are not accepted until an authority answers.',
  },
};
