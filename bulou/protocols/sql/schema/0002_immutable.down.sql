DROP TRIGGER protocols_version_immutable ON protocols_version;
DROP FUNCTION protocols_version_is_immutable();
