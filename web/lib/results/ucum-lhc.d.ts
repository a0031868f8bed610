/** What we use of the library, which comes without types. */
declare module '@lhncbc/ucum-lhc' {
  interface UcumUnit {
    /** In base units; NaN or absent where the library found no unit of that name. */
    readonly magnitude_: number;
    readonly dim_: { readonly dimVec_: readonly number[] | null };
    readonly moleExp_: number;
    readonly isArbitrary_: boolean;
    readonly isSpecial_: boolean;
  }
  export const UcumLhcUtils: {
    getInstance(): {
      getSpecifiedUnit(code: string, valConv: 'validate'): { readonly unit: UcumUnit | null };
    };
  };
}
