export const records = {
  title: '記録',
};
