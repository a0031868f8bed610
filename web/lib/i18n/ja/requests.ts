export const requests = {
  title: '依頼',
};
