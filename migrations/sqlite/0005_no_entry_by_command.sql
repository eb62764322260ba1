-- Nothing asks for entries by their command: the table of commands says where they are. Each append paid for it.
drop index entry_by_command;
