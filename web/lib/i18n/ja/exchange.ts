export const exchange = {
  title: '交換網',
};
