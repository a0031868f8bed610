import { crc32, deflateSync } from 'node:zlib';

const [WIDTH, HEIGHT] = [240, 180];

/** A made-up picture: a bright disc with a shadow, as grey as a radiograph (PNG, W3C §11). */
export function createSamplePicture(): Uint8Array {
  const rows = Array.from({ length: HEIGHT }, (_row, y) =>
    Uint8Array.from([
      0,
      ...Array.from({ length: WIDTH }, (_column, x) => {
        const rib = Math.abs(Math.sin((y + x / 6) / 9)) > 0.82 ? 60 : 0;
        const lung = Math.hypot((x - 80) / 50, (y - 90) / 75) < 1 || Math.hypot((x - 160) / 50, (y - 90) / 75) < 1;
        return Math.min(255, (lung ? 40 : 150) + rib);
      }),
    ]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  // Eight bits of grey, no interlace.
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, sum]);
}

/** A made-up one-page PDF (ISO 32000-1 §7.5). */
export function createSamplePdf(text: string): Uint8Array {
  const stream = `BT /F1 24 Tf 72 720 Td (${text.replaceAll(/[^ -~]|[()\\]/g, '')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = body.length;
    body += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return new TextEncoder().encode(`${body}xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`);
}
