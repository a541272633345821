/** A picture file that cannot be read or written. The message is one line: the file, what is wrong, what to do. */
export class ImageFileError extends Error {
  override readonly name = 'ImageFileError';

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options);
  }
}

const systemProblems: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder, not a picture',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'the file would be larger than allowed here',
  ENOTDIR: 'a file stands where a folder is needed',
  EEXIST: 'a file stands where a folder is needed',
};

/** An error of the file system in words. */
export function fileProblem(path: string, cause: unknown): ImageFileError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new ImageFileError(path, systemProblems[code ?? ''] ?? String(message).split('\n')[0] ?? '', { cause });
}
