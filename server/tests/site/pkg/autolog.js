/* Stands for the browser's side in tests that draw no page. */
