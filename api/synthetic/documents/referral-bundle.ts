import { createParties, momentOf, textConcept, urlsOf, type DocumentSource } from './document-parts.ts';

const PROBLEMS = ['2型糖尿病', '高血圧症'] as const;

/** What a made-up letter says, section by section. */
const SECTIONS: readonly (readonly [title: string, text: string])[] = [
  ['紹介目的', '膝の手術を予定されています。術前の全身状態の評価と、血糖管理についてご教示ください。'],
  ['現病歴', '2019年に健診で血糖高値を指摘され、当院で内服治療を続けています。低血糖の自覚はありません。'],
  ['既往歴', '虫垂炎（1985年、手術）'],
  ['アレルギー', 'ペニシリン系抗菌薬（発疹）'],
  ['生活歴', '喫煙なし。飲酒は機会飲酒。'],
  ['備考', 'ご多用のところ恐れ入りますが、よろしくお願いいたします。'],
];

/** A referral letter in the shape of eReferral: a document that begins with its Composition. */
export function createReferralBundle(source: DocumentSource) {
  const url = urlsOf(source, 'referral');
  const reference = (part: string) => ({ reference: url(part) });
  const problems = PROBLEMS.map((name, i) => ({
    fullUrl: url(`condition-${i}`),
    resource: {
      resourceType: 'Condition',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      code: textConcept(name),
      subject: reference('patient'),
    },
  }));
  const narrative = (text: string) => ({
    status: 'additional',
    div: `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>`,
  });
  return {
    resourceType: 'Bundle',
    type: 'document',
    timestamp: momentOf(source),
    identifier: { system: 'urn:ietf:rfc:3986', value: url('bundle') },
    entry: [
      {
        fullUrl: url('composition'),
        resource: {
          resourceType: 'Composition',
          status: 'final',
          type: { coding: [{ system: 'http://loinc.org', code: '57133-1', display: 'Referral note' }] },
          subject: reference('patient'),
          date: momentOf(source),
          author: [reference('practitioner'), reference('organization')],
          title: '診療情報提供書',
          custodian: reference('organization'),
          section: [
            { title: '傷病名', entry: problems.map(({ fullUrl }) => ({ reference: fullUrl })) },
            ...SECTIONS.map(([title, text]) => ({ title, text: narrative(text) })),
          ],
        },
      },
      ...createParties(source, url),
      ...problems,
    ],
  };
}
