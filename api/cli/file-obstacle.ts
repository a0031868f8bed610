/** Why a file cannot be read, as far as a person can mend it. */
export type FileObstacle = 'missing' | 'folder' | 'forbidden' | 'too_large';

/** Node's names for them (`error.code`). */
const OBSTACLES: Readonly<Record<string, FileObstacle>> = {
  ENOENT: 'missing',
  EISDIR: 'folder',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  ERR_FS_FILE_TOO_LARGE: 'too_large',
};

/** The obstacle that a failed reading tells of; `undefined` where it is another. */
export const obstacleOf = (error: unknown): FileObstacle | undefined =>
  error instanceof Error && 'code' in error ? OBSTACLES[String(error.code)] : undefined;
