"""The parts that screens share; they know no rule, table or format.

Nothing is imported here, because `environment.prepare` must run before textual is first imported.
"""
