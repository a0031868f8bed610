export const consultation = {
  title: '診察',
};
