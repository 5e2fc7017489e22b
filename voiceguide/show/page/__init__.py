"""The mirror page: what can be seen of a live session, in any browser. Needs the extra ``page``."""
