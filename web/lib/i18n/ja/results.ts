export const results = {
  title: '検査結果',
};
