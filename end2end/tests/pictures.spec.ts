// How each page looks on the desk and on the tablet, for whoever looks: `test-results/pages`.

import { awake, fits, pictures, test } from "./support";
import { PLACES } from "./support/pages";

for (const place of PLACES) {
  test(`${place.name} is pictured`, async ({ page: anybody, as }) => {
    const page = place.account ? await as(place.account) : anybody;
    await place.open(page);
    await awake(page);
    await fits(page);
    await pictures(page, place.name);
  });
}

test("record, release and trail are pictured on paper and in the dark", async ({ as }) => {
  for (const name of ["record-expanding", "release-certified", "audit-trail"]) {
    const place = PLACES.find((one) => one.name === name)!;
    const page = await as(place.account!);
    await place.open(page);
    await page.emulateMedia({ media: "print" });
    await pictures(page, `${name}-printed`);
    await page.emulateMedia({ media: "screen", colorScheme: "dark" });
    await pictures(page, `${name}-dark`);
  }
});
