import { readFileSync } from 'node:fs';
import * as z from 'zod';
import * as accessEvent from '../contract/access-event.ts';
import * as bed from '../contract/bed.ts';
import * as challenge from '../contract/challenge.ts';
import * as dispensing from '../contract/dispensing.ts';
import * as enrolment from '../contract/enrolment.ts';
import * as evidenceExport from '../contract/evidence/evidence-export.ts';
import * as forgetting from '../contract/evidence/forgetting.ts';
import * as exchangeApi from '../contract/exchange-api.ts';
import * as exchangeStatus from '../contract/exchange-status.ts';
import * as gatewayApi from '../contract/gateway-api.ts';
import * as health from '../contract/health.ts';
import * as historiesApi from '../contract/histories-api.ts';
import * as inboxApi from '../contract/inbox-api.ts';
import * as institutionsApi from '../contract/institutions-api.ts';
import * as operationsApi from '../contract/operations-api.ts';
import * as operatorApi from '../contract/operator-api.ts';
import * as passkey from '../contract/passkey.ts';
import * as policy from '../contract/policy.ts';
import * as presenceProof from '../contract/presence-proof.ts';
import { PROBLEM_STATUS, ProblemDocument } from '../contract/problem.ts';
import * as publicExchangeStatus from '../contract/public-exchange-status.ts';
import * as receipt from '../contract/evidence/receipt.ts';
import * as recordsApi from '../contract/records-api.ts';
import * as relayApi from '../contract/relay-api.ts';
import * as resultsQuery from '../contract/results-query.ts';
import * as sendLogApi from '../contract/send-log-api.ts';
import * as shareRequestsApi from '../contract/share-requests-api.ts';
import * as staff from '../contract/staff.ts';
import * as terminalsApi from '../contract/terminals-api.ts';
import * as visitsApi from '../contract/visits-api.ts';
import * as withdrawal from '../contract/withdrawal.ts';
import { parseContractTable, type ContractOperation } from './contract-table.ts';

/** Where schemas that the tables name are looked for, in this order. */
const MODULES: readonly object[] = [
  ...[exchangeApi, gatewayApi, operatorApi, operationsApi, relayApi, health],
  ...[challenge, exchangeStatus, publicExchangeStatus],
  ...[terminalsApi, visitsApi, recordsApi, historiesApi, shareRequestsApi, inboxApi, sendLogApi, institutionsApi],
  ...[
    accessEvent,
    evidenceExport,
    forgetting,
    bed,
    dispensing,
    enrolment,
    passkey,
    policy,
    presenceProof,
    receipt,
    resultsQuery,
    staff,
    withdrawal,
  ],
];

const TABLES = {
  exchange: ['exchange-api', 'operator-api', 'relay-api', 'operations-api'],
  gateway: ['gateway-api', 'bed', 'operator-api', 'operations-api'],
} as const;

export interface OpenApiOptions {
  readonly role: keyof typeof TABLES;
  readonly title: string;
  readonly origin: string;
  readonly isDemo: boolean;
}

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

/** The operations that a server of the role answers, as the contract's tables say. */
export function operationsOf({ role, isDemo }: Pick<OpenApiOptions, 'role' | 'isDemo'>): readonly ContractOperation[] {
  const operations = TABLES[role].flatMap((name) => parseContractTable(readContract(name)));
  const isHere = ({ says }: ContractOperation) =>
    !(role === 'gateway' && says.includes('exchanges only')) &&
    !((role === 'exchange' || !isDemo) && says.includes('demonstration only'));
  const known = new Map(
    operations.filter(isHere).map((operation) => [`${operation.method} ${operation.path}`, operation]),
  );
  return [...known.values()];
}

const readContract = (name: string): string => readFileSync(new URL(`../contract/${name}.ts`, import.meta.url), 'utf8');

/** The OpenAPI 3.1 document of a server, out of the tables and schemas that it is built from. */
export function describeApi(options: OpenApiOptions): OpenApi {
  const operations = operationsOf(options);
  const named = operations.flatMap(({ body, answer }) => [body, answer]).filter((name) => name !== undefined);
  const schemas = Object.fromEntries(
    ['ProblemDocument', ...new Set(named)].flatMap((name) => {
      const schema = name === 'ProblemDocument' ? ProblemDocument : findSchema(name);
      return schema ? [[name, toJsonSchema(schema)]] : [];
    }),
  );
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}');
    paths[path] = { ...paths[path], [operation.method]: describeOperation(operation, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: options.title,
      version: '0.1.0',
      description: `Refusals are RFC 9457 problem documents; their codes: ${Object.keys(PROBLEM_STATUS).join(', ')}.`,
    },
    servers: [{ url: options.origin }],
    paths,
    components: { schemas },
  };
}

function describeOperation(operation: ContractOperation, schemas: Readonly<Record<string, object>>): OpenApiOperation {
  const { method, path, query, says, body, answer, status } = operation;
  const named = [...path.matchAll(/:(\w+)|\*/g)].map(([, name]) => name ?? 'path');
  const parameter = (place: 'path' | 'query') => (name: string) => ({
    ...{ name, in: place, required: place === 'path', schema: { type: 'string' } },
  });
  const parameters = [...named.map(parameter('path')), ...query.map(parameter('query'))];
  const contentOf = (name: string | undefined) =>
    name !== undefined && name in schemas
      ? { content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } }
      : {};
  const problem = { $ref: '#/components/schemas/ProblemDocument' };
  return {
    operationId: `${method}${path.replaceAll(/[^a-zA-Z]+(.)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '')}`,
    summary: says,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body !== undefined && body in schemas ? { requestBody: { required: true, ...contentOf(body) } } : {}),
    responses: {
      [status]: { description: says.split('→')[1]?.trim() ?? says, ...(status === 204 ? {} : contentOf(answer)) },
      default: { description: 'A refusal.', content: { 'application/problem+json': { schema: problem } } },
    },
  };
}

function findSchema(name: string): z.ZodType | undefined {
  for (const module of MODULES) {
    const found: unknown = Object.entries(module).find(([key]) => key === name)?.[1];
    if (found instanceof z.ZodType) return found;
  }
  return undefined;
}

function toJsonSchema(schema: z.ZodType): object {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  return json;
}
