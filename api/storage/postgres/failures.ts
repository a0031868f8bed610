import { DatabaseError } from 'pg';
import { Problem } from '../../contract/problem.ts';

/** Two transactions were in each other's way and this one was undone whole (PostgreSQL Appendix A, class 40). */
export const isCollision = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01');

/** Connection lost, server starting or stopping, out of connections, memory or disk; a lock or a statement took too long. */
const AWAY = /^(08...|57P0[1-5]|53...|55P03|57014|25P03)$/;
const SOCKET = /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;
const CLIENT =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * A database that is away or full becomes `unavailable`: who asked may ask again later, and whoever asks again repeats the
 * whole write. Every other failure is a defect and stays what it is.
 */
export function translateFailure(thrown: unknown): Error {
  const error = toError(thrown);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isAway = error instanceof DatabaseError ? AWAY.test(code) : SOCKET.test(code) || CLIENT.test(error.message);
  return isAway || isCollision(error) ? new Problem('unavailable', 'the database is away', { cause: error }) : error;
}

/** JavaScript can throw anything; work that does not throw an error is a defect of the caller. */
export const toError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new TypeError('something else than an error was thrown', { cause: thrown });
