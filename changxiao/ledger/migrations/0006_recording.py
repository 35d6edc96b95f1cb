
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_public_pictures'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='photo',
            name='photo_is_picture_or_document',
        ),
        migrations.AddField(
            model_name='photo',
            name='duration_ms',
            field=models.PositiveIntegerField(null=True, verbose_name='时长（毫秒）'),
        ),
        migrations.AddField(
            model_name='photo',
            name='sound',
            field=models.BooleanField(default=False, verbose_name='有声音'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('height', None), ('phash', ''), ('rendition_sha256', ''), ('type', 'application/pdf'), ('width', None), ('duration_ms', None), ('sound', False)), models.Q(('duration_ms__isnull', False), ('pages', None), ('type__in', {'audio/mp4': 'm4a', 'audio/ogg': 'ogg', 'audio/webm': 'weba', 'video/mp4': 'mp4', 'video/webm': 'webm'}), ('phash', ''), ('rendition_sha256', '')), models.Q(models.Q(('type__in', ['application/pdf', 'video/webm', 'audio/webm', 'video/mp4', 'audio/mp4', 'audio/ogg']), _negated=True), ('height__isnull', False), ('pages', None), ('width__isnull', False), ('duration_ms', None), ('sound', False), models.Q(('rendition_sha256', ''), _negated=True)), _connector='OR'), name='photo_picture_paper_or_clip'),
        ),
    ]
