import { DemoStaffList, type DemoStaff } from '#api/contract/demo-staff.ts';

const KEY = 'tsunagi.demo-staff';

/** The demonstration's made-up people; offline those of last time. Nobody where there are none. */
export async function fetchDemoStaff(page: Window): Promise<readonly DemoStaff[]> {
  try {
    const { staff } = DemoStaffList.parse(await (await page.fetch('/demo/staff.json')).json());
    page.localStorage.setItem(KEY, JSON.stringify({ staff }));
    return staff;
  } catch {
    return readKept(page.localStorage.getItem(KEY));
  }
}

function readKept(text: string | null): readonly DemoStaff[] {
  try {
    return DemoStaffList.safeParse(JSON.parse(text ?? 'null')).data?.staff ?? [];
  } catch {
    // Not JSON: as good as nobody.
    return [];
  }
}
