export { toDiffusers } from './checkpoint/to-diffusers.ts';
export { preprocessOf } from './config/preprocess-of.ts';
export { presets } from './config/presets.ts';
export { type ConfigChoice, ConfigError, parseConfig, resolveConfig } from './config/resolve.ts';
export type { DiffADConfig } from './config/schema.ts';
export { scoreKernelsOf } from './config/score-kernels-of.ts';
export { timestepsOf } from './config/timesteps-of.ts';
export { type Variant, variantNames, withVariant } from './config/variants.ts';
export { type Dataset, DatasetError, GOOD, type LayoutName, type Sample } from './data/dataset.ts';
export { describeReport } from './data/describe-report.ts';
export type { Listing, SplitRow } from './data/layout.ts';
export { recognise } from './data/recognise.ts';
export type { DataReport, Problem } from './data/report.ts';
export { testSamples, trainingSamples } from './data/roles.ts';
export { DiffAD, type Marked, type Redrawn } from './diffad.ts';
export { qSample } from './diffusion/q-sample.ts';
export { ddim } from './diffusion/samplers/ddim.ts';
export { ddpm } from './diffusion/samplers/ddpm.ts';
export { type DiffusionSchedule, diffusionSchedule } from './diffusion/schedule.ts';
export { timesteps } from './diffusion/timesteps.ts';
export { Draem } from './draem/draem.ts';
export { checkGolden, type Golden, type SelfCheck } from './golden.ts';
export { type Box, boxesFromMask } from './image/boxes.ts';
export { reverseChannels, toGrey, toRgb } from './image/channels.ts';
export { type Components, connectedComponents } from './image/components.ts';
export { dihedral } from './image/dihedral.ts';
export { type ColorScale, heatMap, heatOverlay } from './image/heatmap.ts';
export {
  type ByteImage,
  createByteImage,
  createImage,
  createMask,
  type Image,
  type Mask,
  type Size,
  toBytes,
  toFloats,
} from './image/image.ts';
export { legend } from './image/legend.ts';
export { crop, type Frame, letterbox, unletterbox } from './image/letterbox.ts';
export { imageOf, type MaskMode, resizeMask } from './image/mask.ts';
export { imageScore, meanFilter, scoreKernel } from './image/mean-filter.ts';
export { drawOutline, maskOutline } from './image/outline.ts';
export { type PanelCell, panel } from './image/panel.ts';
export { type Preprocess, postprocess, preprocess } from './image/preprocess.ts';
export { probabilityOf } from './image/probability.ts';
export { type ResizeMethod, resize } from './image/resize.ts';
export { type Fill, rotate } from './image/rotate.ts';
export { restore, type StoredImage, store } from './image/stored-image.ts';
export type { Rgb } from './image/text.ts';
export { thresholdMap } from './image/threshold.ts';
export { blendTile, cutTile, type Tile, type TileGrid, tileGrid, tiles } from './image/tiles.ts';
export { type Detection, detect } from './inspect/detect.ts';
export { type Evaluation, evaluate } from './inspect/evaluate.ts';
export { type Inspection, inspect, inspectAll } from './inspect/inspect.ts';
export { measureUsual } from './inspect/measure-usual.ts';
export type { EvaluateOptions, Labelled } from './inspect/tested.ts';
export { usualDifference } from './inspect/usual-difference.ts';
export { auPro } from './metrics/au-pro.ts';
export { auroc } from './metrics/auroc.ts';
export { averagePrecision } from './metrics/average-precision.ts';
export { bestF1 } from './metrics/best-f1.ts';
export { type Calibration, calibrate } from './metrics/calibrate.ts';
export { psnr } from './metrics/psnr.ts';
export { createModel, loadModel, type Model } from './model.ts';
export { type SaveOptions, saveModel } from './save-model.ts';
export { discriminatorWidths } from './segment/config.ts';
export { Discriminator } from './segment/discriminator.ts';
export { type DefectName, defects } from './surfaces/defects.ts';
export { type SurfacePictureOptions, surfacePicture } from './surfaces/surface-picture.ts';
export { type SurfaceName, surfaces } from './surfaces/surfaces.ts';
export { augment } from './synthesis/augment.ts';
export { perlinMask } from './synthesis/masks/perlin-mask.ts';
export { perlin } from './synthesis/perlin.ts';
export { type SimulationOptions, simulateAnomaly } from './synthesis/simulate-anomaly.ts';
export { type Simulated, type SimulatedOptions, simulated } from './synthesis/simulated.ts';
export { Simulator, type SimulatorOptions } from './synthesis/simulator.ts';
export { proceduralTexture } from './synthesis/textures.ts';
export { autoencoderLoss } from './train/autoencoder-loss.ts';
export { positionOf } from './train/checkpoint.ts';
export { type FitOptions, fit, type PictureSource } from './train/fit.ts';
export { markingLoss } from './train/marking-loss.ts';
export type { StageName } from './train/stage.ts';
export { stagesOf } from './train/stages.ts';
export { Interrupted, type Progress, type TrainOptions, train } from './train/train.ts';
export { UNet } from './unet/unet.ts';
export { Autoencoder } from './vae/autoencoder.ts';
