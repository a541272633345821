export interface Candidate {
  readonly name: string;
  readonly executablePath?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Why there is no executable. */
  readonly error?: string;
}
export const flags: readonly string[];
export function candidates(root: string): Iterable<Candidate>;
