import type { Browser } from 'playwright-core';

export interface Candidate {
  readonly name: string;
  readonly executablePath?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Why there is no executable. */
  readonly error?: string;
}
export function candidates(root: string): Iterable<Candidate>;
export function openBrowser(
  choices: Iterable<Candidate>,
  reason?: (browser: Browser) => Promise<string | undefined>,
): Promise<Browser>;
