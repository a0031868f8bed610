import type { InstitutionId } from '#api/contract/ids.ts';
import { readAnalyte, type Analyte } from './analyte.ts';
import type { Placed } from './bundle.ts';
import { Specimen, type Measured, type Observation } from './fhir.ts';
import { parseStatedTime, type StatedTime } from './fhir-time.ts';
import { judge, type Judgement } from './judgement.ts';
import { readReferenceRange, type ReferenceRange } from './reference-range.ts';
import { conceptText, readValue, type ResultValue } from './result-value.ts';
import { readUnit } from './unit.ts';

/** Where a document comes from: the signed release or the own record store, never what the document says of itself. */
export interface ResultSource {
  readonly institution: InstitutionId;
  readonly documentId: string;
  readonly visitId: string;
}

/** One line of a laboratory sheet. */
export interface ResultRow {
  /** Unique by place: identifiers inside documents were seen to repeat. */
  readonly id: string;
  readonly analyte: Analyte;
  readonly value: ResultValue;
  readonly range: ReferenceRange | undefined;
  readonly judgement: Judgement;
  /** When the specimen was taken; else when the result was issued; `undefined` where neither is said. */
  readonly takenAt: StatedTime | undefined;
  /** Set when `takenAt` is only the time of issue. */
  readonly isIssueTime: boolean;
  readonly status: Observation['status'];
  readonly specimen: string | undefined;
  readonly notes: readonly string[];
  readonly source: ResultSource;
  /** Ten-digit number of the institution that the document names, where that is not the source's. */
  readonly statedInstitution: string | undefined;
}

/** States of a result that nobody should read as a value. */
const WITHDRAWN: readonly ResultRow['status'][] = ['entered-in-error', 'cancelled'];

export const isWithdrawn = (row: ResultRow): boolean => WITHDRAWN.includes(row.status);

const INSTITUTION_NUMBER = 'http://jpfhir.jp/fhir/clins/Extension/StructureDefinition/JP_eCS_InstitutionNumber';

/** The lines of one Observation: its own value, or one for each component (a blood pressure has two). */
export function readRows(placed: Placed<Observation>, source: ResultSource): readonly ResultRow[] {
  const { resource, element } = placed;
  const lines = [
    ...(hasValue(resource) || !resource.component ? [{ measured: resource as Measured, place: element }] : []),
    ...(resource.component ?? []).map((measured, index) => ({ measured, place: `${element}.component[${index}]` })),
  ];
  const takenAt = parseTime(effectiveTime(resource));
  const issuedAt = parseTime(resource.issued);
  return lines.map(({ measured, place }) => {
    const analyte = readAnalyte(measured.code);
    const value = readValue(measured);
    const unit = value.kind === 'quantity' ? value.unit : readUnit({});
    const range = readReferenceRange(measured, unit, analyte.code);
    return {
      id: `${source.documentId}#${place}`,
      analyte,
      value,
      range,
      judgement: judge(measured, value, range),
      takenAt: takenAt ?? issuedAt,
      isIssueTime: !takenAt && issuedAt !== undefined,
      status: resource.status,
      specimen: readSpecimen(resource),
      notes: (resource.note ?? []).map(({ text }) => text ?? '').filter((text) => text !== ''),
      source,
      statedInstitution: readStatedInstitution(resource, source),
    };
  });
}

const hasValue = (measured: Measured): boolean => readValue(measured).kind !== 'absent';

const effectiveTime = ({ effectiveDateTime, effectiveInstant, effectivePeriod }: Observation): string | undefined =>
  effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.start ?? effectivePeriod?.end;

const parseTime = (text: string | undefined): StatedTime | undefined =>
  text === undefined ? undefined : parseStatedTime(text);

function readSpecimen({ specimen, contained }: Observation): string | undefined {
  const reference = specimen?.reference;
  const inside = contained?.find(({ id }) => reference !== undefined && reference === `#${id}`);
  const parsed = Specimen.safeParse(inside);
  return specimen?.display ?? (parsed.success ? conceptText(parsed.data.type) : undefined);
}

function readStatedInstitution({ extension }: Observation, { institution }: ResultSource): string | undefined {
  const stated = extension?.find(({ url }) => url === INSTITUTION_NUMBER)?.valueIdentifier?.value;
  return stated === undefined || institution.endsWith(`/${stated}`) ? undefined : stated;
}
