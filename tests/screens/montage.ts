import type { Browser } from '@playwright/test';

export interface Picture {
  /** Step of the story. */
  readonly step?: number;
  readonly caption: string;
  readonly png: Uint8Array;
}

const WIDTH = 1600;

/** Pictures beside each other with a caption, numbered where they are steps, as one picture. */
export async function composeMontage(
  browser: Browser,
  pictures: readonly Picture[],
  columns: number,
): Promise<Uint8Array> {
  const figures = pictures.map(
    ({ step, caption, png }) =>
      `<figure><img src="data:image/png;base64,${Buffer.from(png).toString('base64')}"><figcaption><b>${step ?? ''}</b> ${caption}</figcaption></figure>`,
  );
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 100 } });
  try {
    await page.setContent(`<!doctype html><style>
      body { margin: 0; padding: 24px; background: #e8eeee; font: 20px 'BIZ UDPGothic', 'Noto Sans CJK JP', sans-serif; color: #123; }
      main { display: grid; grid-template-columns: repeat(${columns}, 1fr); gap: 24px; align-items: start; }
      figure { margin: 0; } img { display: block; width: 100%; border-radius: 12px; box-shadow: 0 1px 6px #0003; }
      figcaption { padding: 10px 4px; } b { color: #00706c; }
    </style><main>${figures.join('')}</main>`);
    return await page.screenshot({ fullPage: true });
  } finally {
    await page.close();
  }
}
