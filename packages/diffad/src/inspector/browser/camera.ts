import { element } from './element.ts';

/** What is done with what a camera shows. */
export interface Looking {
  readonly look: (video: HTMLVideoElement) => Promise<void>;
  /** What the button says. */
  readonly what: string;
  /** Whether it may go on looking by itself. */
  readonly again: boolean;
}

/** Says who looks through the camera from now on; null for nobody, then the page shows none. */
export type LookWith = (looking: Looking | null) => void;

/** Lets the page's button open a camera. */
export function useCamera(say: (line: string, wrong: boolean) => void): LookWith {
  const video = element<HTMLVideoElement>('video');
  const always = element<HTMLInputElement>('always');
  const shoot = element<HTMLButtonElement>('shoot');
  let look: Looking['look'] = async () => undefined;
  element('camera').addEventListener('click', async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      await video.play();
      element('live').hidden = false;
    } catch (cause) {
      say(`no camera: ${(cause as Error).message}`, true);
    }
  });
  shoot.addEventListener('click', () => look(video));
  always.addEventListener('change', async () => {
    shoot.disabled = always.checked;
    while (always.checked) await look(video);
  });
  return (looking) => {
    element('seen').hidden = looking === null;
    if (!looking) return;
    look = looking.look;
    shoot.textContent = looking.what;
    element('again').hidden = !looking.again;
  };
}
