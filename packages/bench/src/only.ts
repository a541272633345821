/** Throws one line with all names where none contains `only`. */
export function mustName(only: string, kind: string, names: readonly string[]): void {
  if (names.some((name) => name.includes(only))) return;
  throw new Error(`--only ${only}: no ${kind} is named like it; choose ${[...new Set(names)].join('; ')}`);
}
