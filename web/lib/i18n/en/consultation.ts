export const consultation = {
  title: 'Consultation',
};
