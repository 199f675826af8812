"""JSON for machines and for officials' own tools; composes, owns no rules."""
