import { beforeAll, describe, expect, it } from 'vitest';
import { accessOf, AccessRule, isAllowed } from '#api/contract/access.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import { createParties, describe as contentOf, NOW, type TestExchange } from '../parties/parties.ts';

const A = 'sakura/1310000012';
const B = 'hoshi/1310000012';
let east: TestExchange;
let west: TestExchange;
beforeAll(async () => {
  ({ east, west } = await createParties());
});

const viewWith = (access?: readonly AccessRule[], services?: readonly string[]) => {
  const own = contentOf(east);
  const institutions = own.institutions.map((institution) => ({ ...institution, ...(services ? { services } : {}) }));
  return createDirectoryView([{ ...own, institutions, ...(access ? { access } : {}) }, contentOf(west)], () => NOW);
};
const outcome = (check: () => void) => {
  try {
    check();
    return 'allowed';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};
const asks = { kind: 'share-request', from: B, to: A } as const;

describe('an access rule', () => {
  it.each([
    [{ service: 'records', from: 'hoshi', to: 'sakura' }, true],
    [{ service: 'records', from: B, to: A }, true],
    [{ service: '*', from: '*', to: '*' }, true],
    [{ service: 'history', from: '*', to: '*' }, false],
    [{ service: 'records', from: 'hosh', to: '*' }, false],
    [{ service: 'records', from: 'hoshi/1310000099', to: '*' }, false],
    [{ service: 'records', from: 'hoshi', to: 'sakura/1310000099' }, false],
  ])('%o lets pass: %s', (rule, expected) => {
    expect(isAllowed([rule], { service: 'records', from: B, to: A })).toBe(expected);
  });

  it.each(['hoshi/..', 'hoshi/1310000012/x', 'hoshi%2F1310000012', 'HOSHI', '**', ''])('does not name %s', (from) => {
    expect(AccessRule.safeParse({ service: 'records', from, to: '*' }).success).toBe(false);
  });

  it('of an answer is the one of the question', () => {
    expect(accessOf({ kind: 'release', from: A, to: B })).toEqual(accessOf(asks));
    expect(accessOf({ kind: 'delivery-receipt', from: B, to: A })).toEqual(accessOf(asks));
  });
});

describe('a directory', () => {
  it('without rules lets everybody pass whom it knows', () => {
    expect(outcome(() => viewWith().requireEnvelopeAccess(asks))).toBe('allowed');
    expect(outcome(() => viewWith().requireEnvelopeAccess({ ...asks, to: 'aoi/1310000012' }))).toBe(
      'recipient_unknown',
    );
  });

  it('with rules lets nobody else pass', () => {
    const view = viewWith([{ service: 'records', from: 'hoshi', to: A }]);
    expect(outcome(() => view.requireEnvelopeAccess(asks))).toBe('allowed');
    expect(outcome(() => view.requireEnvelopeAccess({ ...asks, from: 'aoi/1310000012' }))).toBe('access_denied');
    expect(outcome(() => viewWith([]).requireEnvelopeAccess(asks))).toBe('access_denied');
  });

  it('decides about its own institutions, and leaves the others to theirs', () => {
    expect(outcome(() => viewWith([]).requireEnvelopeAccess({ ...asks, from: A, to: B }))).toBe('allowed');
  });

  it('lets the frames of a session pass both ways by either right', () => {
    const view = viewWith([{ service: 'records', from: 'hoshi', to: A }]);
    expect(outcome(() => view.requireEnvelopeAccess({ kind: 'session', from: B, to: A }))).toBe('allowed');
    expect(outcome(() => view.requireEnvelopeAccess({ kind: 'session', from: A, to: B }))).toBe('allowed');
    const closed = createDirectoryView(
      [east, west].map((one) => ({ ...contentOf(one), access: [] })),
      () => NOW,
    );
    expect(outcome(() => closed.requireEnvelopeAccess({ kind: 'session', from: B, to: A }))).toBe('access_denied');
  });

  it('names what an institution offers', () => {
    expect(outcome(() => viewWith(undefined, ['history']).requireEnvelopeAccess(asks))).toBe('access_denied');
    expect(outcome(() => viewWith(undefined, ['records']).requireEnvelopeAccess(asks))).toBe('allowed');
  });
});
