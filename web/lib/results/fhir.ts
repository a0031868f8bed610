import * as z from 'zod';

/**
 * The parts of FHIR R4 that results are read from, as JP Core and JP-CLINS use them. Objects are loose: what is not
 * named here is carried on untouched and never refused.
 */
export const Coding = z.looseObject({
  system: z.string().optional(),
  code: z.string().optional(),
  display: z.string().optional(),
});
export type Coding = z.infer<typeof Coding>;

export const CodeableConcept = z.looseObject({ coding: z.array(Coding).optional(), text: z.string().optional() });
export type CodeableConcept = z.infer<typeof CodeableConcept>;

export const Quantity = z.looseObject({
  value: z.number().optional(),
  /** How the value was written (`parseJson`), where a number forgets it. */
  _value: z.looseObject({ source: z.string().optional() }).optional(),
  comparator: z.enum(['<', '<=', '>=', '>']).optional(),
  unit: z.string().optional(),
  system: z.string().optional(),
  code: z.string().optional(),
});
export type Quantity = z.infer<typeof Quantity>;

export const Identifier = z.looseObject({ system: z.string().optional(), value: z.string().optional() });

/** FHIR `dateTime` (datatypes.html#dateTime): a year, a month, a day, or an instant with its offset. */
export const FhirDateTime = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/);

const Extension = z.looseObject({
  url: z.string(),
  valueCode: z.string().optional(),
  valueIdentifier: Identifier.optional(),
});
const Reference = z.looseObject({ reference: z.string().optional(), display: z.string().optional() });

export const ReferenceRangePart = z.looseObject({
  low: Quantity.optional(),
  high: Quantity.optional(),
  type: CodeableConcept.optional(),
  appliesTo: z.array(CodeableConcept).optional(),
  age: z.looseObject({}).optional(),
  text: z.string().optional(),
});

const Period = z.looseObject({ start: FhirDateTime.optional(), end: FhirDateTime.optional() });
const Range = z.looseObject({ low: Quantity.optional(), high: Quantity.optional() });
const Ratio = z.looseObject({ numerator: Quantity.optional(), denominator: Quantity.optional() });

const MEASURED = {
  code: CodeableConcept,
  valueQuantity: Quantity.optional(),
  valueCodeableConcept: CodeableConcept.optional(),
  valueString: z.string().optional(),
  valueBoolean: z.boolean().optional(),
  valueInteger: z.number().optional(),
  valueRange: Range.optional(),
  valueRatio: Ratio.optional(),
  valueDateTime: FhirDateTime.optional(),
  dataAbsentReason: CodeableConcept.optional(),
  interpretation: z.array(CodeableConcept).optional(),
  referenceRange: z.array(ReferenceRangePart).optional(),
};

/** What an Observation and each of its components have in common: a code and a value. */
export const Measured = z.looseObject(MEASURED);
export type Measured = z.infer<typeof Measured>;

export const Observation = z.looseObject({
  ...MEASURED,
  resourceType: z.literal('Observation'),
  id: z.string().optional(),
  identifier: z.array(Identifier).optional(),
  status: z.enum([
    'registered',
    'preliminary',
    'final',
    'amended',
    'corrected',
    'cancelled',
    'entered-in-error',
    'unknown',
  ]),
  category: z.array(CodeableConcept).optional(),
  subject: Reference.optional(),
  effectiveDateTime: FhirDateTime.optional(),
  effectiveInstant: FhirDateTime.optional(),
  effectivePeriod: Period.optional(),
  issued: FhirDateTime.optional(),
  extension: z.array(Extension).optional(),
  note: z.array(z.looseObject({ text: z.string().optional() })).optional(),
  specimen: Reference.optional(),
  contained: z.array(z.looseObject({ resourceType: z.string(), id: z.string().optional() })).optional(),
  component: z.array(Measured).optional(),
});
export type Observation = z.infer<typeof Observation>;

export const HumanName = z.looseObject({
  text: z.string().optional(),
  family: z.string().optional(),
  given: z.array(z.string()).optional(),
  extension: z.array(Extension).optional(),
});
export type HumanName = z.infer<typeof HumanName>;

export const Patient = z.looseObject({
  resourceType: z.literal('Patient'),
  id: z.string().optional(),
  name: z.array(HumanName).optional(),
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  birthDate: z
    .string()
    .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/)
    .optional(),
});
export type Patient = z.infer<typeof Patient>;

export const Specimen = z.looseObject({ resourceType: z.literal('Specimen'), type: CodeableConcept.optional() });

/** A resource of which nothing is known yet but its type. */
export const AnyResource = z.looseObject({ resourceType: z.string().min(1), id: z.string().optional() });
export type AnyResource = z.infer<typeof AnyResource>;

export const Bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.enum(['collection', 'document', 'searchset', 'message', 'transaction', 'batch', 'history']),
  timestamp: FhirDateTime.optional(),
  entry: z.array(z.looseObject({ fullUrl: z.string().optional(), resource: AnyResource })).min(1),
});
export type Bundle = z.infer<typeof Bundle>;
