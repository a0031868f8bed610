import { beforeAll, expect, it } from 'vitest';
import { createSampleBundle } from '#api/demo/sample-bundle.ts';
import { fullName } from '#api/synthetic/people/person.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { isAttachmentName, wrapAttachment } from '#lib/documents/attachment-file.ts';
import { readLetter } from '#lib/documents/letter.ts';
import { readNarrative } from '#lib/documents/narrative.ts';
import { readPrescription } from '#lib/documents/prescription.ts';
import { parseBundleFile } from '#lib/results/bundle-file.ts';
import { sharedWorld, WORLD_TIMEOUT_MS } from '../../api/synthetic/shared-world.ts';
import { readVector } from '../../vectors.ts';

let world: SyntheticWorld;
beforeAll(async () => void (world = await sharedWorld()), WORLD_TIMEOUT_MS);

function sample(kind: 'prescription' | 'referral' | 'attachment'): unknown {
  const one = world.people[0]!;
  const person = { subject: 's'.repeat(43), name: fullName(one), kana: '', birthDate: one.birthDate, sex: one.sex };
  const visit = { person, presentedAt: new Date('2026-11-20T02:00:00Z') };
  return JSON.parse(JSON.stringify(createSampleBundle(world, visit, world.institutions.a.id, kind).bundle));
}

it('shows a narrative as words, never as markup', () => {
  const div =
    '<div xmlns="http://www.w3.org/1999/xhtml"><p>一行目<br/>二行目 &lt;b&gt;</p><script>alert(1)</script></div>';
  expect(readNarrative(div)).toBe('一行目\n二行目 <b>\nalert(1)');
  expect(readNarrative('&#12354;&#x3044;&unknown;')).toBe('あい&unknown;');
});

it('reads a letter as it was written', () => {
  const letter = readLetter(sample('referral'));
  expect(letter).toMatchObject({ title: '診療情報提供書', authors: ['見本 太郎', world.institutions.a.name.ja] });
  expect(letter?.sections[0]).toMatchObject({ title: '傷病名', items: ['2型糖尿病', '高血圧症'] });
  expect(letter?.sections.find(({ title }) => title === 'アレルギー')?.text).toContain('ペニシリン');
  expect(readLetter(sample('attachment'))).toBeUndefined();
});

it('reads a published letter', () => {
  const bytes = readVector('fhir/jpfhir-example-creation/Bundle-bundleReferralExample01.json');
  if (!bytes) return expect(bytes).toBeUndefined();
  const letter = readLetter(JSON.parse(new TextDecoder().decode(bytes)));
  expect(letter?.sections.length).toBeGreaterThan(3);
  expect(letter?.authors.length).toBeGreaterThan(0);
});

it('reads a prescription as a table', () => {
  const { drugs, prescriber } = readPrescription(sample('prescription'));
  expect(prescriber).toBe('見本 太郎');
  expect(drugs).toHaveLength(4);
  expect(drugs[1]).toEqual({
    ...{ name: 'メトホルミン塩酸塩錠250mg', dose: '2錠', usage: '1日2回 朝夕食後', days: 28, total: '112錠' },
  });
});

it('takes a document for what its Composition says it is', () => {
  expect(parseBundleFile(JSON.stringify(sample('prescription'))).kind).toBe('prescription');
  expect(parseBundleFile(JSON.stringify(sample('referral'))).kind).toBe('referral');
  expect(parseBundleFile(JSON.stringify(sample('attachment'))).kind).toBe('attachment');
});

it('wraps a scan up for the person of the visit, by what its bytes are', () => {
  const person = { subject: 's', name: '山田 花子', kana: '', birthDate: '1950-02-03', sex: 'female' } as const;
  const bytes = new TextEncoder().encode('%PDF-1.7');
  const file = parseBundleFile(wrapAttachment({ name: 'scan.pdf', bytes }, person, new Date()));
  expect(file).toMatchObject({ kind: 'attachment', patient: { name: [{ text: '山田 花子' }] } });
  const page = { name: 'scan.pdf', bytes: new TextEncoder().encode('<html>') };
  expect(() => wrapAttachment(page, person, new Date())).toThrow(
    expect.objectContaining({ code: 'bundle_file_refused' }),
  );
  expect([isAttachmentName('a.PDF'), isAttachmentName('a.json')]).toEqual([true, false]);
});
