import type { Evaluation } from '@diffad/diffad';

/** The quality of one trained model on one class; shares of 1, and dB. Null where the class has no masks. */
export interface Figures {
  readonly imageAuroc: number;
  readonly pixelAuroc: number | null;
  readonly pixelAp: number | null;
  readonly auPro: number | null;
  /** PSNR of the reconstruction against the picture: low inside means that defects are not copied. */
  readonly psnrInside: number | null;
  readonly psnrOutside: number | null;
  /** The control: D(c) is shown to the discriminator where the reconstruction should be; null without diffusion. */
  readonly controlImageAuroc: number | null;
  readonly controlPixelAp: number | null;
}

export type FigureName = keyof Figures;

/** One evaluation: a class, a method, a seed. */
export interface Cell {
  readonly key: string;
  readonly className: string;
  readonly seed: number;
  readonly method: string;
  readonly figures: Figures;
  readonly baselines: Evaluation['baselines'];
  readonly maskMode: string;
  /** Where it was measured. */
  readonly adapter: string;
  readonly driver: string;
  readonly commit: string;
}

/** JSON knows neither NaN nor ∞; a region without pixels has no PSNR. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export const figuresOf = ({ imageAuroc, pixelAuroc, pixelAp, auPro, psnr, control }: Evaluation): Figures => ({
  imageAuroc,
  pixelAuroc,
  pixelAp,
  auPro,
  psnrInside: finite(psnr.inside),
  psnrOutside: finite(psnr.outside),
  controlImageAuroc: control?.imageAuroc ?? null,
  controlPixelAp: control?.pixelAp ?? null,
});
