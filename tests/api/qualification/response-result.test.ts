import { describe, expect, it } from 'vitest';
import { encodeUtf8, parseBase64 } from '#api/contract/encoding.ts';
import { QualificationResponse } from '#api/qualification/response-schema.ts';
import { parseQualificationResult } from '#api/qualification/response-result.ts';
import { encodeXmlMessage, parseXmlMessage } from '#api/qualification/xml-message.ts';

const header = (segment = '1', extra = '') => `<MessageHeader>
  <ProcessExecutionTime>20261120093015</ProcessExecutionTime>
  <QualificationConfirmationDate>20261120</QualificationConfirmationDate>
  <MedicalInstitutionCode>0110000012</MedicalInstitutionCode>
  <ArbitraryFileIdentifier></ArbitraryFileIdentifier>
  <ReferenceClassification>1</ReferenceClassification>
  <SegmentOfResult>${segment}</SegmentOfResult>${extra}
  <CharacterCodeIdentifier>0</CharacterCodeIdentifier>
</MessageHeader>`;

const person = (extra = '', birth = '19500229') => `<ResultOfQualificationConfirmation>
  <InsuredCardClassification>01</InsuredCardClassification>
  <InsurerNumber>00012345</InsurerNumber>
  <InsuredCardSymbol>あいう</InsuredCardSymbol>
  <InsuredIdentificationNumber>１８７</InsuredIdentificationNumber>
  <InsuredBranchNumber>05</InsuredBranchNumber>
  <PersonalFamilyClassification>1</PersonalFamilyClassification>
  <Name>見本\u3000花子</Name>
  <NameKana>ﾐﾎﾝ ﾊﾅｺﾞ</NameKana>
  <Sex1>2</Sex1>
  <Birthdate>${birth}</Birthdate>
  <InsuredCardValidDate>20200401</InsuredCardValidDate>
  <InsuredCardExpirationDate></InsuredCardExpirationDate>
  <InsuredPartialContributionRatio>030</InsuredPartialContributionRatio>
  <InsurerName>見本市&amp;国民健康保険</InsurerName>${extra}
</ResultOfQualificationConfirmation>`;

const message = (head: string, body: string) =>
  `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<XmlMsg>${head}<MessageBody>${body}</MessageBody></XmlMsg>`;
const found = (validity: string, results: string) =>
  message(
    header(),
    `<ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>${validity}</QualificationValidity>
     <ResultList>${results}</ResultList>`,
  );
const parse = (text: string) => parseQualificationResult(encodeUtf8(text));
const codeOf = (text: string): string | undefined => {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'crashed';
  }
};

describe('an answer of the qualification system', () => {
  it('keeps leading zeros, reads half-width kana, and takes one result as a list', () => {
    expect(parse(found('1', person('', '19520229')))).toEqual({
      kind: 'person',
      personId: '00012345:あいう:187:05',
      name: '見本　花子',
      kana: 'ミホン　ハナゴ',
      birthDate: '1952-02-29',
      sex: 'female',
      coverage: {
        status: 'valid',
        insurerNumber: '00012345',
        insurerName: '見本市&国民健康保険',
        symbol: 'あいう',
        number: '１８７',
        branch: '05',
        validFrom: '2020-04-01',
        burdenPercent: 30,
      },
      answeredAt: new Date('2026-11-20T00:30:15Z'),
      answerHash: expect.any(String) as string,
      simulated: false,
    });
  });

  it.each([
    ['1', 'valid'],
    ['2', 'expired'],
    ['3', 'superseded'],
  ])('with validity %s is coverage that is %s', (validity, status) => {
    expect(parse(found(validity, person('', '19900101')))).toMatchObject({ kind: 'person', coverage: { status } });
  });

  it.each([
    ['4', 'not_found'],
    ['5', 'ambiguous'],
  ])('with validity %s is about nobody: %s', (validity, status) => {
    expect(parse(found(validity, ''))).toMatchObject({ kind: 'nobody', coverage: { status } });
  });

  it('takes the first of several results, the reference number, and the share of the elderly', () => {
    const elderly = `<ReferenceNumber>R-0001</ReferenceNumber><ElderlyRecipientCertificateInfo>
      <ElderlyRecipientContributionRatio>020</ElderlyRecipientContributionRatio></ElderlyRecipientCertificateInfo>`;
    const result = parse(found('1', person(elderly, '19520229') + person('', '19520229')));
    expect(result).toMatchObject({ personId: 'R-0001', coverage: { burdenPercent: 20 } });
  });

  it('may be in Shift_JIS', () => {
    // <?xml version="1.0" encoding="Shift_JIS"?> … <Name>山田 太郎</Name> (U+3000 between) <NameKana>ﾔﾏﾀﾞ ﾀﾛｳ</NameKana> … 架空健保
    const bytes = parseBase64(SHIFT_JIS);
    expect(parseQualificationResult(bytes)).toMatchObject({
      name: '山田　太郎',
      kana: 'ヤマダ　タロウ',
      coverage: { insurerName: '架空健保', symbol: '１２' },
    });
  });

  it('keeps the consents and limits of the insured by their own names', () => {
    const extra = `<PharmacistsInfoConsFlg>1</PharmacistsInfoConsFlg>
      <PharmacistsInfoAvailableTime>20261121093015</PharmacistsInfoAvailableTime>
      <LimitApplicationCertificateRelatedInfo><LimitApplicationCertificateClassificationFlag>B10</LimitApplicationCertificateClassificationFlag></LimitApplicationCertificateRelatedInfo>
      <SpecificDiseasesCertificateList><SpecificDiseasesCertificateInfo><SpecificDiseasesDiseaseCategory>1</SpecificDiseasesDiseaseCategory></SpecificDiseasesCertificateInfo></SpecificDiseasesCertificateList>`;
    const response = parseXmlMessage(encodeUtf8(found('1', person(extra, '19900101'))), QualificationResponse);
    const [result] = response.MessageBody?.ResultList?.ResultOfQualificationConfirmation ?? [];
    expect(result).toMatchObject({
      PharmacistsInfoConsFlg: '1',
      PharmacistsInfoAvailableTime: '20261121093015',
      LimitApplicationCertificateRelatedInfo: { LimitApplicationCertificateClassificationFlag: 'B10' },
      SpecificDiseasesCertificateList: { SpecificDiseasesCertificateInfo: [{ SpecificDiseasesDiseaseCategory: '1' }] },
    });
    expect(parseXmlMessage(encodeXmlMessage(response), QualificationResponse)).toEqual(response);
  });

  it.each([
    ['an abnormal end', message(header('9', '<ErrorCode>X1</ErrorCode>'), ''), 'payer_refused'],
    ['still being worked on', message(header('2'), ''), 'payer_refused'],
    [
      'an error of this query',
      message(header(), '<ProcessingResultStatus>2</ProcessingResultStatus>'),
      'payer_refused',
    ],
    ['an unknown validity', found('7', person('', '19900101')), 'payer_answer_malformed'],
    ['valid, but about nobody', found('1', ''), 'payer_answer_malformed'],
    ['a day that does not exist', found('1', person('', '19500229')), 'payer_answer_malformed'],
    ['no birth date', found('1', person('', '')), 'payer_answer_malformed'],
    [
      'an insurer number of seven digits',
      found('1', person('', '19900101').replace('00012345', '0012345')),
      'payer_answer_malformed',
    ],
    [
      'a document type',
      found('1', person('', '19900101')).replace('<XmlMsg>', '<!DOCTYPE XmlMsg [<!ENTITY a "b">]><XmlMsg>'),
      'payer_answer_malformed',
    ],
    ['another root', '<Other/>', 'payer_answer_malformed'],
    ['an encoding nobody knows', '<?xml version="1.0" encoding="EBCDIC"?><XmlMsg/>', 'payer_answer_malformed'],
  ])('is refused when it is %s', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('is refused when it is not in the encoding it names', () => {
    const bytes = parseBase64(SHIFT_JIS);
    const lying = new TextDecoder('latin1').decode(bytes).replace('Shift_JIS', 'UTF-8');
    expect(() => parseQualificationResult(Uint8Array.from(lying, (c) => c.charCodeAt(0)))).toThrow(
      expect.objectContaining({ code: 'payer_answer_malformed' }),
    );
  });
});

const SHIFT_JIS = [
  'PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGluZz0iU2hpZnRfSklTIj8+CjxYbWxNc2c+PE1lc3NhZ2VIZWFkZXI+PFByb2Nlc3NFeGVjdXRpb25U',
  'aW1lPjIwMjYxMTIwMDkzMDE1PC9Qcm9jZXNzRXhlY3V0aW9uVGltZT48UXVhbGlmaWNhdGlvbkNvbmZpcm1hdGlvbkRhdGU+MjAyNjExMjA8L1F1',
  'YWxpZmljYXRpb25Db25maXJtYXRpb25EYXRlPjxNZWRpY2FsSW5zdGl0dXRpb25Db2RlPjEzMTAwMDAwMTI8L01lZGljYWxJbnN0aXR1dGlvbkNv',
  'ZGU+PFJlZmVyZW5jZUNsYXNzaWZpY2F0aW9uPjE8L1JlZmVyZW5jZUNsYXNzaWZpY2F0aW9uPjxTZWdtZW50T2ZSZXN1bHQ+MTwvU2VnbWVudE9m',
  'UmVzdWx0PjxDaGFyYWN0ZXJDb2RlSWRlbnRpZmllcj4xPC9DaGFyYWN0ZXJDb2RlSWRlbnRpZmllcj48L01lc3NhZ2VIZWFkZXI+PE1lc3NhZ2VC',
  'b2R5PjxQcm9jZXNzaW5nUmVzdWx0U3RhdHVzPjE8L1Byb2Nlc3NpbmdSZXN1bHRTdGF0dXM+PFF1YWxpZmljYXRpb25WYWxpZGl0eT4xPC9RdWFs',
  'aWZpY2F0aW9uVmFsaWRpdHk+PFJlc3VsdExpc3Q+PFJlc3VsdE9mUXVhbGlmaWNhdGlvbkNvbmZpcm1hdGlvbj48SW5zdXJlZENhcmRDbGFzc2lm',
  'aWNhdGlvbj4wMTwvSW5zdXJlZENhcmRDbGFzc2lmaWNhdGlvbj48SW5zdXJlck51bWJlcj4wNjEzOTk5OTwvSW5zdXJlck51bWJlcj48SW5zdXJl',
  'ZENhcmRTeW1ib2w+glCCUTwvSW5zdXJlZENhcmRTeW1ib2w+PEluc3VyZWRJZGVudGlmaWNhdGlvbk51bWJlcj4zPC9JbnN1cmVkSWRlbnRpZmlj',
  'YXRpb25OdW1iZXI+PE5hbWU+jlKTY4FAkb6YWTwvTmFtZT48TmFtZUthbmE+1M/A3iDA27M8L05hbWVLYW5hPjxTZXgxPjE8L1NleDE+PEJpcnRo',
  'ZGF0ZT4xOTgwMDEwMTwvQmlydGhkYXRlPjxJbnN1cmVyTmFtZT6Jy4vzjJKV2zwvSW5zdXJlck5hbWU+PC9SZXN1bHRPZlF1YWxpZmljYXRpb25D',
  'b25maXJtYXRpb24+PC9SZXN1bHRMaXN0PjwvTWVzc2FnZUJvZHk+PC9YbWxNc2c+Cg==',
].join('');
