/** Gives a canvas as many pixels as the screen has for it, and coordinates in those of the page. */
export function sharpen(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting the size clears a canvas even if it stays the same.
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** A picture of a map: pixels that are written, then shown at once. */
export class PixelMap {
  private image: ImageData | undefined;
  private words: Uint32Array = new Uint32Array(0);

  /** Pixels to write, of a picture of this size. */
  pixels(width: number, height: number): Uint32Array {
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    return this.words;
  }

  /** Shows what was written. The style sheet stretches it. */
  paint(canvas: HTMLCanvasElement): void {
    if (!this.image) return;
    const { width, height } = this.image;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    canvas.getContext('2d')?.putImageData(this.image, 0, 0);
  }
}
