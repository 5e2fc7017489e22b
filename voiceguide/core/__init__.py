"""Pure core: told what happened and what time it is, answers with what to do."""
