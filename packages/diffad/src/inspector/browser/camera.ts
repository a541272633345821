import { element } from './element.ts';

/** Lets the page's buttons open a camera and have `inspect` look at what it shows, once or again and again. */
export function useCamera(
  inspect: (video: HTMLVideoElement) => Promise<void>,
  say: (line: string, wrong: boolean) => void,
): void {
  const video = element<HTMLVideoElement>('video');
  const always = element<HTMLInputElement>('always');
  const shoot = element<HTMLButtonElement>('shoot');
  element('camera').addEventListener('click', async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      await video.play();
      element('live').hidden = false;
    } catch (cause) {
      say(`no camera: ${(cause as Error).message}`, true);
    }
  });
  shoot.addEventListener('click', () => inspect(video));
  always.addEventListener('change', async () => {
    shoot.disabled = always.checked;
    while (always.checked) await inspect(video);
  });
}
