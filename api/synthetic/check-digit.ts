/**
 * The check digit of insurer numbers and medical institution codes: digits weighted 2, 1, 2, … from the right, the digits
 * of each product added, and what is missing to the next ten.
 */
export function insuranceCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const product = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

/** The check digit of an individual number (個人番号), the twelfth after eleven (総務省令第85号 第5条). */
export function individualNumberCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => total + Number(digit) * (i < 6 ? i + 2 : i - 4), 0);
  const rest = sum % 11;
  return String(rest <= 1 ? 0 : 11 - rest);
}
