import { networkOf, type ExchangeId, type InstitutionId, type NetworkId } from '../contract/ids.ts';

/** The members of an exchange's configuration that speak of each other. */
interface Members {
  readonly id: ExchangeId;
  readonly networks: readonly { readonly id: NetworkId }[];
  readonly institutions: readonly { readonly id: InstitutionId }[];
  readonly peers: readonly { readonly id: ExchangeId }[];
  readonly gateways: readonly { readonly institution: InstitutionId }[];
}

/** Where two members contradict each other, and how. */
export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What makes a configuration of members that fit each by itself one that no directory can be made of. */
export function findContradictions({ id, networks, institutions, peers, gateways }: Members): readonly Contradiction[] {
  const knows = (list: readonly { readonly id: string }[], wanted: string) => list.some((one) => one.id === wanted);
  return [
    ...findRepeated('networks', networks),
    ...findRepeated('institutions', institutions),
    ...findRepeated('peers', peers),
    ...institutions.flatMap((institution, at) =>
      knows(networks, networkOf(institution.id))
        ? []
        : [{ path: ['institutions', at, 'id'], message: `${institution.id} is of no network named in networks` }],
    ),
    ...gateways.flatMap(({ institution }, at) =>
      knows(institutions, institution)
        ? []
        : [{ path: ['gateways', at, 'institution'], message: `${institution} is none of institutions` }],
    ),
    ...peers.flatMap((peer, at) =>
      peer.id === id ? [{ path: ['peers', at, 'id'], message: 'an exchange is no peer of itself' }] : [],
    ),
  ];
}

function findRepeated(member: string, list: readonly { readonly id: string }[]): readonly Contradiction[] {
  return list.flatMap(({ id }, at) =>
    list.findIndex((other) => other.id === id) < at
      ? [{ path: [member, at, 'id'], message: `${id} is there twice` }]
      : [],
  );
}
