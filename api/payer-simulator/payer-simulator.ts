import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { dayInJapan } from '../synthetic/calendar.ts';
import type { SyntheticPerson } from '../synthetic/people/person.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import { QualificationError } from '../qualification/qualification.ts';
import { type QualificationRequest, parseQualificationRequest } from '../qualification/search-request.ts';
import { createAuthorityPublication } from './authority-publication.ts';
import { createHolderSearch } from './holder-search.ts';
import { answerQualification, refuseQualification } from './payer-answer.ts';

/** Header that every answer of the simulator carries; the answer itself says it too. */
export const SIMULATED_HEADER = 'tsunagi-simulated';

const MAXIMUM_BODY_BYTES = 16 * 1024;

const CardQuery = z.object({ institution: z.string().regex(/^\d{10}$/), at: z.iso.datetime() });

/**
 * Answers as the qualification platform would, out of a synthetic world; also publishes what its certification authorities
 * publish.
 *
 * | Request | Body → answer |
 * |---|---|
 * | `POST /qualification?institution=&at=` | authentication certificate (DER) → XML; how real terminals ask is not public |
 * | `POST /qualification/search` | request XML (`OQSsiquc01req`) → XML |
 * | `GET /pki`, `/pki/ID.cer`, `/pki/ID.crl` | see `authority-publication.ts` |
 */
export function createPayerSimulator(world: SyntheticWorld, now: () => Date): Hono {
  const findHolder = createHolderSearch(world);
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    context.header(SIMULATED_HEADER, 'payer-simulator');
  });
  app.use('/qualification/*', bodyLimit({ maxSize: MAXIMUM_BODY_BYTES }));

  app.get('/health', (context) =>
    context.json({ role: 'payer-simulator', simulated: true, people: world.people.length }),
  );

  app.post('/qualification', async (context) => {
    const query = CardQuery.safeParse(context.req.query());
    if (!query.success) return context.text('institution and at are required', 400);
    const at = new Date(query.data.at);
    const facts = { institution: query.data.institution, day: dayInJapan(at), now: now(), reference: '1' } as const;
    const found = await findHolder(new Uint8Array(await context.req.arrayBuffer()), at);
    const answer =
      found.kind === 'holder' ? answerQualification(found.person, facts) : refuseQualification(found.code, facts);
    return context.body(answer, 200, XML);
  });

  app.post('/qualification/search', async (context) => {
    let request: QualificationRequest;
    try {
      request = parseQualificationRequest(new Uint8Array(await context.req.arrayBuffer()));
    } catch (error) {
      if (error instanceof QualificationError) return context.text('not a request', 400);
      throw error;
    }
    const { MedicalInstitutionCode: institution, QualificationConfirmationDate: date } = request.MessageHeader;
    const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
    const person = world.people.find((candidate) => isAskedFor(candidate, request));
    return context.body(answerQualification(person, { institution, day, now: now(), reference: '2' }), 200, XML);
  });

  app.route('/', createAuthorityPublication(world, now));
  return app;
}

const XML = { 'content-type': 'application/xml; charset=utf-8' };

function isAskedFor({ insurance, birthDate }: SyntheticPerson, { MessageBody }: QualificationRequest): boolean {
  const wanted = MessageBody.QualificationConfirmSearchInfo;
  const isSame = (given: string | undefined, known: string): boolean => (given ?? '').normalize('NFKC') === known;
  return (
    isSame(wanted.InsurerNumber, insurance.insurerNumber) &&
    isSame(wanted.InsuredIdentificationNumber, insurance.number) &&
    isSame(wanted.Birthdate, birthDate.replaceAll('-', '')) &&
    (!wanted.InsuredCardSymbol || isSame(wanted.InsuredCardSymbol, insurance.symbol)) &&
    (!wanted.InsuredBranchNumber || isSame(wanted.InsuredBranchNumber, insurance.branch))
  );
}
