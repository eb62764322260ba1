// The accounts of the demo. Names of people are roles.

export interface Account {
  /** The name to sign in with. */
  name: string;
  /** The full name, as signatures print it. */
  printed: string;
  password: string;
}

function account(name: string, printed: string): Account {
  return { name, printed, password: "marrow to vein" };
}

export const ACCOUNTS = {
  administrator: account("administrator.1", "Administrator 1"),
  collector: account("collector.1", "Collector 1"),
  technician: account("technician.1", "Technician 1"),
  secondTechnician: account("technician.2", "Technician 2"),
  analyst: account("qc.1", "QC analyst 1"),
  secondAnalyst: account("qc.2", "QC analyst 2"),
  reviewer: account("qa.1", "QA reviewer 1"),
  qualifiedPerson: account("qp.1", "Qualified Person 1"),
  pharmacist: account("pharmacist.1", "Pharmacist 1"),
  inspector: account("inspector.1", "Inspector 1"),
  technicianElsewhere: account("technician.3", "Technician 3"),
} satisfies Record<string, Account>;

/** The batches of the demo, by their subject codes. */
export const SUBJECTS = {
  infused: "GE-007",
  certified: "GE-009",
  blocked: "GE-010",
  waiting: "GE-011",
  expanding: "GE-012",
  registered: "GE-013",
  overdue: "BA-003",
} as const;
