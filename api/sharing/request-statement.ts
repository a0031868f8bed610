import { JoseError } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';
import { readShareRequest, type ShareRequest } from '../contract/share-request.ts';

/**
 * What a request says, before anything about it is believed.
 *
 * @throws {Problem} `request_malformed`
 */
export function readRequest(jws: string): ShareRequest {
  let request: ShareRequest;
  try {
    request = readShareRequest(jws);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('request_malformed', cause.code, { cause });
  }
  if (request.task.owner.identifier.value !== request.to) throw new Problem('request_malformed', 'task.owner');
  return request;
}
