import { encodeBase64 } from '../../contract/encoding.ts';
import { createParties, momentOf, textConcept, urlsOf, type DocumentSource } from './document-parts.ts';
import { createSamplePdf, createSamplePicture } from './sample-files.ts';

/** A scan and a report that travel as they are: a collection with one DocumentReference. */
export function createAttachmentBundle(source: DocumentSource) {
  const url = urlsOf(source, 'attachment');
  const files = [
    { title: '胸部X線（見本）.png', contentType: 'image/png', bytes: createSamplePicture() },
    {
      title: '読影報告書（見本）.pdf',
      contentType: 'application/pdf',
      bytes: createSamplePdf('Sample report (synthetic)'),
    },
  ];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: momentOf(source),
    entry: [
      ...createParties(source, url),
      {
        fullUrl: url('document'),
        resource: {
          resourceType: 'DocumentReference',
          status: 'current',
          type: textConcept('画像検査'),
          subject: { reference: url('patient') },
          date: momentOf(source),
          description: '胸部X線検査',
          content: files.map(({ title, contentType, bytes }) => ({
            attachment: { contentType, title, creation: momentOf(source), data: encodeBase64(bytes) },
          })),
        },
      },
    ],
  };
}
