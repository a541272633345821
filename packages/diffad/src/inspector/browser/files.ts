/** Gives the files that are dropped on a zone, or chosen with the input in it. */
export function onFiles(zone: HTMLElement, take: (files: File[]) => void): void {
  const input = zone.querySelector('input') as HTMLInputElement;
  input.addEventListener('change', () => {
    take([...(input.files ?? [])]);
    input.value = '';
  });
  for (const type of ['dragover', 'dragleave', 'drop'])
    zone.addEventListener(type, () => zone.classList.toggle('over', type === 'dragover'));
  zone.addEventListener('drop', ({ dataTransfer }) => take([...(dataTransfer?.files ?? [])]));
}

/** A picture that is dropped beside a zone would take the page's place. */
export function keepPage(): void {
  for (const type of ['dragover', 'drop']) document.addEventListener(type, (event) => event.preventDefault());
}

/** Gives the user a file to keep. */
export function download(name: string, parts: BlobPart[], type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
