/** A BMP of 8 bits a pixel with a grey palette, stored bottom-up as machine cameras write it. */
export function greyBmp(width: number, height: number, values: Uint8Array): Buffer {
  const stride = Math.ceil(width / 4) * 4;
  const offset = 54 + 4 * 256;
  const file = Buffer.alloc(offset + stride * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(offset, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(8, 28);
  file.writeUInt32LE(256, 46);
  for (let level = 0; level < 256; level++) file.fill(level, 54 + 4 * level, 57 + 4 * level);
  for (let y = 0; y < height; y++)
    file.set(values.subarray(y * width, (y + 1) * width), offset + (height - 1 - y) * stride);
  return file;
}
